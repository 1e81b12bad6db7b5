"""The guard of the embedded servers: who may ask MLflow and luigid, checked in their own processes.

A port of 127.0.0.1 is open to every account of the machine, and to every page in the user's browser. What may live
here: the login, the rules for requests, and the two programs that put them before MLflow and luigid.
"""
