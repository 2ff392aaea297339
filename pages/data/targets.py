"""Targets: which hold in the period and why, which come and went, who entered them, and changing them with every check."""

from analytics.performance.target_overview import Time
from pages.components.parts import heading
from pages.components.state import one, open_view
from pages.components.target_form import target_form, upload_table
from pages.components.targets_view import HISTORY, drawing, errors, list_control, remarks, show_target, targets_list, told

view = open_view(one("list", Time.VALID, (*Time, HISTORY)), one("targets_page", "1"))
drawn, place = drawing(view)
heading("Targets", drawn.overview.request.period.label, place, sentence=drawn.overview.sentence)
told()
target_form()
errors(drawn)
list_control(drawn)
targets_list(drawn, view)
remarks(drawn)
upload_table()
show_target(drawn)
