"""What runs the notebooks, and captures, redraws, records and publishes what comes of them.

The modules, from the bottom up:

* `atomic` writes a file whole or not at all; `handout` cleans notebooks of their outputs.
* For a class, without any extra: `start` puts notebooks into a folder of a student's; `answers`
  reads what came of one, `check` those of a class; `classroom` adds their commands.
* `hosting` links to Colab and Binder, once the repository has an address.
* `execute` runs notebooks; `capture` stores, meanwhile, the values that their figures are drawn
  from; `redraw` draws the figures again from these, without running a notebook.
* `experiments` repeats the trainings of the series over several seeds; `records` stores what came
  of them; `scoreboard` makes README's table of it.
* `pages` writes executed notebooks as HTML.
* `__main__` is the command line, `mnist-lecture`.

Nothing outside of this folder imports it. What it needs besides the lesson comes with the extra
`workshop`.
"""
