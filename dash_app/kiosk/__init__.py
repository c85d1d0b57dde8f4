"""The control-room wall: a playlist of views that turns by itself and says unmistakably when it no longer moves."""
