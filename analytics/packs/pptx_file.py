"""The bytes of a presentation: the same for the same slides, whenever and wherever they are written."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pptx.presentation import Presentation as Slides

_THE_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def presentation_bytes(slides: Slides) -> bytes:
    """The package with every part dated 1 January 1980, so that equal slides are equal bytes."""
    written, dated = BytesIO(), BytesIO()
    slides.save(written)
    with ZipFile(written) as package, ZipFile(dated, "w") as repacked:
        for part in package.infolist():
            entry = ZipInfo(part.filename, _THE_ZIP_EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 0
            repacked.writestr(entry, package.read(part))
    return dated.getvalue()
