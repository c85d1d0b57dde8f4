"""Questions in Vietnamese over what the database holds: words -> query, by a lexicon and a small grammar.

No language model: what is not understood is asked back, what is not held is said not to be held.
"""
