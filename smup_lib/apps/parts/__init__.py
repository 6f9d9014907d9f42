"""What the pages share: search, panels, links, choices."""
