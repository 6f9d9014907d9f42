"""What does BDL itself say of the variables that are wanted, and which of them may be believed?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from smup_lib.catalogue import BdlColumn, Catalogue, Variable
from smup_lib.errors import SmupError
from smup_lib.snapshots import Snapshot
from smup_lib.sources.web.answers import Answer
from smup_lib.sources.web.asking import Desk, Progress, Question, ask_due
from smup_lib.sources.web.bdl_choice import BdlChoice
from smup_lib.sources.web.bdl_questions import (
    ask_subject,
    ask_variable,
    ask_variables_of,
    read_object,
    rows_of,
    said_reason,
)
from smup_lib.sources.web.bdl_variables import (
    PublishedVariable,
    Wanted,
    doubts_of,
    find_in_subject,
    known_as,
    read_variable,
)

DEFINITION_KIND = "bdl_variable"
SUBJECT_KIND = "bdl_subject"


@dataclass(frozen=True)
class Target:
    """A variable of BDL whose values may be taken.

    Attributes
    ----------
    published : PublishedVariable
    variable : Variable
        Of the catalogue, or made of BDL's own description.
    subject_name : str
    known : bool
        Whether the catalogue has the variable.
    """

    published: PublishedVariable
    variable: Variable
    subject_name: str
    known: bool

    @property
    def levels(self) -> list[str]:
        """Return the levels to ask for: those of the catalogue that BDL has."""
        return [level for level in self.published.levels if level in self.variable.levels]


@dataclass
class Identified:
    """What was found out before values are asked for.

    Attributes
    ----------
    targets : list of Target
    refused : dict
        Variable -> why it is not taken; the user named it, or it is not what the catalogue says.
    pending : dict
        Variable -> what BDL calls it, or has instead: the catalogue does not know enough, and
        the user did not name it.
    listed : dict
        Subject -> its variables.
    asked_for : list of str
        Subjects that the user named and BDL has.
    subjects : dict
        Subject -> its name.
    """

    targets: list[Target] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    pending: dict[str, str] = field(default_factory=dict)
    listed: dict[str, list[PublishedVariable]] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    asked_for: list[str] = field(default_factory=list)


def accepted_before(base: Snapshot | None) -> dict[tuple[str, str], str]:
    """Return, by number and variable, the labels under which a snapshot took BDL's variables."""
    if base is None:
        return {}
    told = base.table("published_definitions")
    told = told[told["kind"] == DEFINITION_KIND]
    pairs = zip(told["id"], told["variable"], strict=True)
    return dict(zip(pairs, told["name"], strict=True))


@dataclass
class Identifier:
    """Asks what the wanted variables are and compares them with the catalogue.

    Attributes
    ----------
    desk : Desk
    catalogue : Catalogue
    choice : BdlChoice
    accepted : mapping
        See :func:`accepted_before`.
    size : int
        Rows a page.
    on_progress : callable, optional
    """

    desk: Desk
    catalogue: Catalogue
    choice: BdlChoice
    accepted: Mapping[tuple[str, str], str]
    size: int
    on_progress: Progress | None = None

    def identify(
        self, wanted: Sequence[Wanted], subjects: Sequence[str], *, expand: bool
    ) -> Identified:
        """Return what may be asked for, and what may not.

        Parameters
        ----------
        wanted : sequence of Wanted
        subjects : sequence of str
            Subjects that the user named.
        expand : bool
            Whether their variables are wanted, or only listed.

        Raises
        ------
        ServiceError
            When the service refuses the key or is down, or the limit is used up.
        """
        found = Identified()
        sought = {w.column.subject for w in wanted if w.number is None and w.column}
        names = list(dict.fromkeys([*subjects, *sorted(filter(None, sought))]))
        missing = self._list_subjects(found, names)
        found.refused |= {name: why for name, why in missing.items() if name in subjects}
        found.asked_for = [name for name in subjects if name not in missing]
        numbered = self._numbered(found, wanted, missing)
        if expand:
            told = [one for name in subjects for one in found.listed.get(name, ())]
            numbered += [Wanted(one.number, named=True) for one in told]
        described = self._describe(found, list({w.number: w for w in numbered}.values()))
        subject_names = {one.subject for _, one in described} | set(subjects)
        self._name_subjects(found, sorted(subject_names))
        taken: dict[str, int] = {}
        for one, published in described:
            self._judge(found, one, published, taken)
        return found

    def _ask(self, found: Identified, questions: Mapping[str, Question]) -> dict[str, list[Answer]]:
        """Ask questions; what has no answer is refused under its name, the others go on."""
        labels = {question.label: name for name, question in questions.items()}
        asked = ask_due(self.desk, list(questions.values()), self.on_progress)
        if asked.stopped is not None:
            raise asked.stopped
        for label, error in asked.failures.items():
            found.refused[labels[label]] = _plain(error)
        return {
            name: self.desk.answers(question)
            for name, question in questions.items()
            if name not in found.refused
        }

    def _list_subjects(self, found: Identified, names: Sequence[str]) -> dict[str, str]:
        """Ask for the variables of subjects; return which have none, and why."""
        missing = Identified()
        questions = {name: ask_variables_of(name, self.size) for name in names}
        for name, answers in self._ask(missing, questions).items():
            listed = [read_variable(row) for row in rows_of(answers)]
            found.listed[name] = [one for one in listed if one is not None]
            if not found.listed[name]:
                missing.refused[name] = f"BDL nie ma zmiennych podgrupy {name}"
        return missing.refused

    def _numbered(
        self, found: Identified, wanted: Sequence[Wanted], missing: Mapping[str, str]
    ) -> list[Wanted]:
        """Return the wanted variables with their numbers, found by their labels where needed."""
        numbered = []
        for one in wanted:
            if one.number is not None or one.column is None:
                numbered.append(one)
                continue
            subject = one.column.subject or ""
            number, why = find_in_subject(found.listed.get(subject, []), one.column)
            if number is None:
                untaken = found.refused if one.named else found.pending
                untaken[one.label] = missing.get(subject, why)
            else:
                numbered.append(replace(one, number=number))
        return numbered

    def _describe(
        self, found: Identified, wanted: Sequence[Wanted]
    ) -> list[tuple[Wanted, PublishedVariable]]:
        questions = {w.label: ask_variable(w.number) for w in wanted if w.number is not None}
        answers = self._ask(found, questions)
        described = []
        for one in wanted:
            if one.label not in answers:
                continue
            published = read_variable(read_object(answers[one.label][0]))
            if published is None or published.number != one.number:
                reason = said_reason(answers[one.label][0]) or "BDL nie opisuje takiej zmiennej"
                found.refused[one.label] = reason
            else:
                described.append((one, published))
        return described

    def _name_subjects(self, found: Identified, names: Sequence[str]) -> None:
        """Ask for names that make labels plain; without one the label stands alone."""
        unasked = Identified()
        questions = {name: ask_subject(name) for name in names}
        for name, answers in self._ask(unasked, questions).items():
            told = (read_object(answers[0]) or {}).get("name")
            found.subjects[name] = told.strip() if isinstance(told, str) else ""

    def _judge(
        self, found: Identified, wanted: Wanted, one: PublishedVariable, taken: dict[str, int]
    ) -> None:
        """Take a variable, refuse it, or let it wait for the user's word."""
        variable, column = wanted.variable, wanted.column
        if variable is None:
            match = known_as(one, self.catalogue)
            variable, column = match if match else (None, None)
        name = found.subjects.get(one.subject, "")
        target = Target(one, variable or as_variable(one, name), name, variable is not None)
        reason, waits = self._reason(target, column)
        other = taken.setdefault(target.variable.id, one.number)
        if not reason and other != one.number:
            reason, waits = f"zmienną {target.variable.id} jest już {other}", False
        if not reason:
            found.targets.append(target)
        elif waits and not wanted.named:
            found.pending[wanted.label] = reason
        else:
            found.refused[wanted.label] = reason

    def _reason(self, target: Target, column: BdlColumn | None) -> tuple[str, bool]:
        """Return why a variable is not taken, empty when it is, and whether a word settles it."""
        one, variable = target.published, target.variable
        if not levels_of(target, self.choice):
            return f"BDL podaje tę zmienną najniżej na szczeblu: {one.lowest}", False
        if not set(one.years) & set(self.choice.years or one.years):
            return f"BDL nie ma jej za te lata; ma: {_years(one)}", False
        if not target.known:
            return "", False
        doubts = list(doubts_of(one, variable, column))
        said = f"w BDL to „{one.series}”, podgrupa {one.subject} {target.subject_name}".strip()
        key = (str(one.number), variable.id)
        if not doubts:
            return "", False
        final = any(doubt.final for doubt in doubts)
        reason = f"{said}; {'; '.join(doubt.text for doubt in doubts)}"
        if final:
            return reason, False
        if one.number in self.choice.accepted or self.accepted.get(key) == str(one.series):
            return "", False
        unknown = column is None or not column.labels
        step = f"jeśli to ta sama rzecz: --variable {variable.id}={one.number}"
        return f"{reason}; {step} --accept-label {one.number}", unknown


def levels_of(target: Target, choice: BdlChoice) -> list[str]:
    """Return the levels to ask for."""
    return [level for level in target.levels if choice.level in (None, level)]


def as_variable(one: PublishedVariable, subject_name: str) -> Variable:
    """Return a variable that the catalogue does not know, in BDL's own words.

    Nothing is said of it that BDL does not say: its values are neither added nor bounded.
    """
    above = subject_name or f"zmienna BDL {one.number}"
    return Variable(
        id=f"bdl_{one.number}",
        label=f"{above}: {'; '.join(one.series.labels)}",
        measure_unit=one.series.measure_unit or "-",
        holder="GUS (BDL)",
        collected_by="office",
        kind="index",
        additive=False,
        levels=("gmina", "powiat", "voivodeship", "country"),
    )


def _years(one: PublishedVariable) -> str:
    return f"{one.years[0]}–{one.years[-1]}" if one.years else "żadnych"


def _plain(error: SmupError) -> str:
    return str(error.what)
