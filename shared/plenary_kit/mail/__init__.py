"""Mail: letters handed in with the state change that causes them, and sent once by a worker.

The promise: no letter is lost; an extra physical copy is possible only after an attempt whose outcome is unknown, and every copy bears the same
Message-ID.
"""
