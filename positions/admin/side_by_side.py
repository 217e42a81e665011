"""Two codings as rows of labels: what both say alike, and where they differ."""

from dataclasses import dataclass

from positions import dates

# Shown as a row even where both say the same.
ALWAYS = ("Says", "Words")
# What a coding alone has no row for.
USUAL = ("Rank", "Standing", "Form", "Modality")


@dataclass(frozen=True)
class Row:
    """One thing that codings say: by the first, by the second coder."""

    label: str
    first: str
    second: str
    differs: bool = False


@dataclass(frozen=True)
class Compared:
    """A match as its card shows it: the heading, rows, and what is the same in both."""

    title: str
    rows: list
    same: list


def compared(match):
    """The rows of a match; of one coding alone, all that it says."""
    one = match.codings[0]
    title = f"{one.actor.survivor}: {one.option.survivor.short_name}"
    first, second = (coded and said(coded) for coded in (match.first, match.second))
    if first is None or second is None:
        return _alone(title, first or second, bool(first))
    rows, same = [], []
    for label, text in first.items():
        other = second[label]
        if text != other or label in ALWAYS:
            rows.append(Row(label, text or "–", other or "–", text != other))
        elif text:
            same.append((label, text))
    return Compared(title, rows, same)


def _alone(title, texts, is_first):
    """What one coder says without the other; the usual is told in passing."""
    given = {label: text for label, text in texts.items() if text}
    rows = [
        Row(label, text if is_first else "", "" if is_first else text)
        for label, text in given.items()
        if label not in USUAL
    ]
    return Compared(
        title, rows, [(label, given[label]) for label in USUAL if label in given]
    )


def said(row):
    """label -> what a coding says, as words; in the order of a card."""
    speaker = row.speaker.name if row.speaker else row.speaker_text
    roles = [speaker, row.speaker_role]
    condition = f": {row.condition}" if row.condition else ""
    return {
        "Says": row.disposition.label,
        "Words": f"“{row.quote}”",
        "Put before": str(row.over_option) if row.over_option else "",
        "Mode": row.get_mode_display(),
        "Speaker": ", ".join(filter(None, roles)),
        "Rank": row.get_speaker_rank_display() if any(roles) else "",
        "On authority of": row.on_authority_text,
        "Standing": row.get_standing_display().split(":")[0],
        "Form": row.get_form_display(),
        "Modality": f"{row.get_modality_display()}{condition}",
        "Said on": dates.show(row.said_on) if row.said_on else "",
        "Holds on": dates.show(row.holds_on) if row.holds_on else "",
        "Note": row.note,
    }
