"""GWD workshops: lessons made from one text, exercises that answer in Polish."""
