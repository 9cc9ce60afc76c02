"""Sessions: the entries of a program, placed or not; the working copy that chairs edit.

Publishes nothing (a release does); listens to nothing: the listeners of the program hand accepted and withdrawn proposals in.
"""
