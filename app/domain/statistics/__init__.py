"""Statistics that are right at small n: absolute effects, an interval before any p-value.

``menu.analyse`` is the way in; the other modules hold one family of methods each.
"""
