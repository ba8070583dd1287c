"""Files in and out: folders of tables in the dialects that spreadsheets write.

Nothing here judges what a table says; that is for `network`.
"""
