"""What a row of totals is called, in the languages and tools we know: one list for recognising, reading and checking."""

TOTAL_WORDS = frozenset((
    "total", "totals", "grand total", "sub total", "subtotal", "sub-total", "sum", "overall", "all", "summe", "gesamt", "gesamtsumme",
    "gesamtergebnis", "insgesamt", "zwischensumme", "total general", "total général", "totaal", "eindtotaal", "totale", "somme", "suma",
    "razem", "celkem", "toplam", "итого", "合計", "总计", "σύνολο",
    "all sites", "all vendors", "all channels", "all agents", "all queues", "all lines", "all skills",
))  # fmt: skip
_STARTS = ("total ", "grand total", "subtotal ", "sub total ", "gesamt ", "summe ")


def is_total_word(text: str) -> bool:
    """'Total', 'Grand total', 'Total Manila', 'All sites', 'Gesamtsumme:'."""
    words = text.strip().strip(":").casefold()
    return words in TOTAL_WORDS or words.startswith(_STARTS) or words.endswith(" total")
