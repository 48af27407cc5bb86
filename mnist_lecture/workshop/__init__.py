"""What runs the notebooks, and captures, redraws, records and publishes what comes of them.

The modules, from the bottom up:

* `atomic` writes a file whole or not at all.
* `execute` runs notebooks; `capture` stores, meanwhile, the values that their figures are drawn
  from; `redraw` draws the figures again from these, without running a notebook.
* `experiments` repeats the trainings of the series over several seeds; `records` stores what came
  of them; `scoreboard` makes README's table of it.
* `pages` writes executed notebooks as HTML.
* `__main__` is the command line, `mnist-lecture`.

Nothing outside of this folder imports it. What it needs besides the lesson comes with the extra
`workshop`.
"""
