"""An import command run on uploaded bytes, and the report that it writes."""

import json
import logging
import re
import time
from collections import defaultdict
from contextlib import ExitStack
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import CommandError, call_command
from django.db import DatabaseError, InterfaceError, connection

from ingest import reading
from ingest.reporting import MOST_REASONS
from ingest.session import Outcome
from positions.names import clean_text

logger = logging.getLogger(__name__)

# Seconds for a preview. A proxy ends a request after a minute; on SQLite everybody
# else who writes waits for a preview to end, and no longer than 20 seconds.
PREVIEW_SECONDS = {"sqlite": 18, "postgresql": 50}
# So much of what became of a file is listed; the rest is counted.
MOST_ITEMS = 200
MOST_SENTENCES = 10
SENTENCE_LENGTH = 1000
# What a person must look at stands first.
ORDER = (
    Outcome.REJECTED,
    Outcome.UNSURE,
    Outcome.CONFLICT,
    Outcome.CHANGED,
    Outcome.CREATED,
    Outcome.UNCHANGED,
)
OUR_FAULT = (
    "The import met a fault of the program, which stands in its log. Nothing that it "
    "had begun stays half done."
)
TOO_LONG = "Trying it takes longer than a preview may take."
NO_DATABASE = "The database did not answer. Nothing stays half done; try again."
_USAGE = re.compile(r"\AError: (?:argument \S+: )?")


class TimeOver(KeyboardInterrupt):
    """Trying takes too long. The pipeline ends as it does when somebody stops it."""


class Deadline:
    """Stops a run, once, at the first query after so many seconds."""

    def __init__(self, seconds):
        self.until = time.monotonic() + seconds
        self.over = False

    def __call__(self, execute, sql, params, many, context):
        if not self.over and time.monotonic() > self.until:
            self.over = True
            raise TimeOver
        return execute(sql, params, many, context)


def arguments(options, values, mapping="mapping.csv"):
    """What was chosen, as arguments of the command: ["--issue=mines", "--create"].

    `options` are the command's own. A mapping is a file: its name is given.
    """
    found = []
    for name, action in options.items():
        value, flag = values.get(name), action.option_strings[-1]
        if value is True:
            found.append(flag)
        elif value:
            found.append(f"{flag}={mapping if name == 'mapping' else value}")
    return found


def run(command, options, upload, *, dry_run):
    """Import an upload by its command; what it told, as plain JSON.

    counts: {outcome: n}, {} if nothing was begun; items: the first of what became of
    documents and rows, {outcome, file, record, name, sentences}; unlisted: how many
    more; warnings, notes, faults: sentences; run: primary key; stopped: why it broke
    off.
    """
    deadline = Deadline(PREVIEW_SECONDS[connection.vendor])
    fault, out, err = "", StringIO(), StringIO()
    with ExitStack() as within:
        folder = Path(within.enter_context(TemporaryDirectory(prefix="upload-")))
        given, report = folder / "given", folder / "report.jsonl"
        mapping = folder / "mapping.csv"
        try:
            given.mkdir()
            (given / upload.name).write_bytes(upload.data)
            mapping.write_text(upload.options.get("mapping", ""), encoding="utf-8")
            within.enter_context(reading.within(given))
            if dry_run:
                within.enter_context(connection.execute_wrapper(deadline))
            call_command(
                command,
                upload.name,
                *arguments(options, upload.options, str(mapping)),
                f"--as={upload.who.get_username()}",
                f"--report={report}",
                *(["--dry-run"] if dry_run else []),
                stdout=out,
                stderr=err,
            )
        except CommandError as refusal:
            fault = str(refusal)
        except TimeOver:
            fault = TOO_LONG
        except (DatabaseError, InterfaceError):
            logger.exception("The database failed while a file was imported.")
            fault = NO_DATABASE
        except OSError as trouble:
            logger.exception("A file could not be imported.")
            fault = f"The file could not be laid down: {trouble.strerror or trouble}."
        except Exception:
            logger.exception("A file could not be imported.")
            fault = OUR_FAULT
        told = _report(report)
        lines = [*err.getvalue().splitlines(), *fault.splitlines()]
        lines = [clean_text(line).replace(f"{folder}/", "") for line in lines if line]
    return _finished(told, lines, out.getvalue().splitlines(), deadline.over)


def _report(path):
    """What stands in the report of a command; counts are missing if it broke off."""
    listed, number, reasons = defaultdict(list), 0, []
    told = {"counts": {}, "run": None, "stopped": ""}
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                said = json.loads(line)
                if "counts" in said:
                    told = said
                    continue
                if len(reasons) < MOST_REASONS:
                    reasons += _reasons(said)
                if said["outcome"] == Outcome.UNCHANGED and "sentences" not in said:
                    continue
                number += 1
                if len(listed[said["outcome"]]) < MOST_ITEMS:
                    listed[said["outcome"]].append(_clipped(said))
    items = [item for outcome in ORDER for item in listed[outcome]][:MOST_ITEMS]
    return {
        "counts": {name: n for name, n in told["counts"].items() if n},
        "begun": bool(told["counts"]),
        "run": told["run"],
        "stopped": told["stopped"],
        "items": items,
        "unlisted": number - len(items),
        "reasons": reasons,
    }


def _reasons(said):
    """How the command prints what is said of one item."""
    where = ", ".join(filter(None, (said.get("file"), said.get("record"))))
    for sentence in said.get("sentences", ()):
        yield from f"{where}: {sentence}".splitlines()


def _clipped(said):
    sentences = said.pop("sentences", ())
    clipped = [text[:SENTENCE_LENGTH] for text in sentences[:MOST_SENTENCES]]
    if more := len(sentences) - len(clipped):
        clipped.append(f"... and {more} more.")
    fields = {name: clean_text(text) for name, text in said.items()}
    return {**fields, "sentences": [clean_text(text) for text in clipped]}


def _finished(told, lines, printed, late):
    """The report, with what the command only printed: warnings, or why it refused."""
    told_already = {*told.pop("reasons"), told["stopped"]}
    other = [line for line in lines if line not in told_already]
    if not told.pop("begun") and not late:
        faults = [_USAGE.sub("", line) for line in other] or [OUR_FAULT]
        return {**told, "warnings": [], "notes": [], "faults": faults}
    return {
        **told,
        "stopped": TOO_LONG if late else told["stopped"],
        "warnings": [line for line in other if not _COUNTED.match(line)],
        "notes": [line for line in printed if line and not _COUNTED.match(line)],
        "faults": [],
    }


# Progress and sums, which the report has itself.
_COUNTED = re.compile(
    r"\d+ read, |\d+ (?:would create|created), \d+ |\.\.\. and \d+ more\.\Z"
)
