"""How far a run is, on the terminal."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress


class TerminalProgress:
    """One line a phase, with a bar where its items are counted; on a pipe, one line when a phase begins."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._task: TaskID | None = None
        self._bars = RichProgress(
            SpinnerColumn(finished_text="[green]✓[/]"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("[dim]{task.fields[item]}"),
            console=console,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> TerminalProgress:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._finish()
        self._bars.stop()

    def phase(self, name: str) -> None:
        """A new part of the run begins."""
        self._finish()
        if not self._console.is_terminal:
            self._console.print(f"{name} ...")
        self._task = self._bars.add_task(name, total=None, item="")

    def advance(self, done: int, total: int, item: str) -> None:
        """`done` of `total` items of the phase are through; `item` is the last."""
        if self._task is not None:
            self._bars.update(self._task, completed=done, total=total, item=item)

    def _finish(self) -> None:
        if self._task is None:
            return
        task = self._bars.tasks[self._task]
        total = task.total or 1
        self._bars.update(self._task, completed=total, total=total, item="")
