"""推演：a township's year in accelerated time – arrivals, absences, holidays, silence – driven through the pure fold.

Nothing here reads or writes a row: `plan` holds the assumptions, `reading` checks the file they come from,
`year` lets the days pass, `report` counts what became of it.
"""
