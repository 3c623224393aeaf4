"""The query language: text or tree of keys -> the tree of an expression. Pure.

    syntax     the tree of an expression: Term, Near, And …; its text form
    keyboard   what a Korean keyboard writes where a sign of the language was meant
    lexer      text -> tokens
    parser     tokens -> tree, or the place of the first fault and what to do about it
    tree_form  the same tree from the keys of a YAML mapping

Guarantee: what is written out of a tree reads back as the same tree.
"""
