"""Foreign specs made into drafts in our form, with nothing invented.

The way: collect (files) → source (text, without what nobody sees) → outline (parts and blocks)
→ placing, openspec (blocks into sections) → draft (numbers, open questions) → render.
"""

from factory.spec.importing.answers import Answers
from factory.spec.importing.formats import FORMATS, Format
from factory.spec.importing.importer import Imported, import_documents

__all__ = ["FORMATS", "Answers", "Format", "Imported", "import_documents"]
