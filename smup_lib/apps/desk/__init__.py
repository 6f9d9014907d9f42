"""Pulpit: the coordinator's desk, with states of the data, fetching and batches of reports."""
