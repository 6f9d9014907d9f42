"""What a person picks freely: indicators, units and years; the same in an app, a plan, a report."""
