"""XML as plain elements, without document types and entities: no file can grow or reach out while it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from gasflow.io.readers.reading import Notes

LARGEST_XML = 64 << 20
_DEEPEST = 50


@dataclass(frozen=True)
class Element:
    """An element: its name without name space, its attributes, what it holds and the line on which it begins.

    Example:
        >>> Element("pipe", {"id": "p1"}, 7).attributes["id"]
        'p1'
    """

    tag: str
    attributes: Mapping[str, str]
    line: int
    children: list[Element] = field(default_factory=list)

    def within(self, tag: str) -> Iterator[Element]:
        """Yield what lies inside elements of a name, at any depth above."""
        for child in self.children:
            if child.tag == tag:
                yield from child.children
            else:
                yield from child.within(tag)

    def child(self, tag: str) -> Element | None:
        """Return the first element of a name that this one holds."""
        return next((child for child in self.children if child.tag == tag), None)


class _XmlError(Exception):
    pass


def read_xml(path: Path, notes: Notes) -> Element:
    """Return the root of a file of at most 64 MiB.

    Raises:
        RawFileError: if it is larger, is no XML, declares a document type or an entity, or is nested beyond reason.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = Path(folder) / "small.net"
        ...     _ = file.write_text('<network xmlns:f="x"><f:nodes><source id="A"/></f:nodes></network>')
        ...     [node.attributes["id"] for node in read_xml(file, Notes("small.net")).within("nodes")]
        ['A']
    """
    try:
        if path.stat().st_size > LARGEST_XML:
            raise notes.refuse(f"is larger than {LARGEST_XML >> 20} MiB", "give a smaller network")
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise notes.refuse(f"cannot be read ({reason})", "give the path of a file") from None
    root = Element("", {}, 0)
    open_elements = [root]
    parser = expat.ParserCreate()

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_elements) > _DEEPEST:
            raise _XmlError("is nested too deeply")
        element = Element(name.split(":")[-1], attributes, parser.CurrentLineNumber)
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def refuse(*_: object) -> None:
        raise _XmlError("declares a document type")

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: open_elements.pop()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: of encodings that nobody knows
        raise notes.refuse(f"is no XML ({error})", "download it again") from None
    except _XmlError as error:
        raise notes.refuse(str(error), "remove it: plain elements are all that is read") from None
    return root.children[0]
