"""How does a report become a document, a workbook or slides? From one content, word for word."""
