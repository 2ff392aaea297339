"""The review as a file: PDF to read, PPTX to present and edit, XLSX to calculate with. All are made from the review object alone."""
