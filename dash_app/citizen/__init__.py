"""Pages for citizens: plain HTML, light on a phone and whole without the operations centre's scripts."""
