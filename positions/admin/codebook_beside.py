"""The codebook as it stands beside a form."""

from positions.models import Disposition


def codebook(chosen=None, *, stances=False):
    """Facets in their order: (label, pairs of a disposition and whether it is chosen).

    `chosen` is a disposition's primary key, as a form has it. With `stances` only
    what can be the disposition of a stance.
    """
    return [
        (facet, [(one, str(one.pk) == str(chosen)) for one in rows])
        for facet, rows in Disposition.objects.by_facet().items()
        if rows and (rows[0].facet or not stances)
    ]
