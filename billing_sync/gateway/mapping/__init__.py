"""
Our records as parts of messages: plain JSON in the shape of the XSD, made once when a message is
enqueued, so that every repetition of it carries the same content.
"""
