"""How are thousands of reports made, none of them wrong, with nobody watching?"""
