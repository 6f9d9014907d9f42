"""Notebooks run quickly and apart from each other: this package knows nothing of SMUP.

Two ways: a ready kernel forked from a process that has imported the libraries (``zygote``,
``provisioner``), and the cells executed by a fork itself (``in_process``). Both give what an
ordinary kernel gives.
"""
