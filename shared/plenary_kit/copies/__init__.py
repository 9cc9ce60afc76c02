"""Copies: how what one service keeps of another's things is compared with its owner, and mended, by facts alone.

A keeper doubts a kind of thing; its owner lists what it holds, with a hash of every field; the keeper names each thing that differs and doubts just
these; the owner states each of them anew, as the next version of the thing itself. Statements and listings reach copies only, never a listener that
owes somebody a notice.
"""
