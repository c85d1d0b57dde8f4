"""Answers to questions in words: number, place, time, source and the map that shows it."""
