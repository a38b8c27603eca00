"""
Follow the ERP's change log: page by page, each in one transaction, older versions never over newer.

`polling.follow` runs a cycle, `asking` has the next page on its way, `applying.take_page` takes a
page, `watching` and `telling` say what it altered, `holding` keeps what was changed here from being
overwritten.
"""
