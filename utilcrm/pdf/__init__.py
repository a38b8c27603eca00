"""PDF: HTML to PDF in a walled child process, and putting finished PDFs together."""

from utilcrm.pdf.assembling import append_pages, count_pages
from utilcrm.pdf.rendering import RenderFailed, RenderTimedOut, render_html

__all__ = ["RenderFailed", "RenderTimedOut", "append_pages", "count_pages", "render_html"]
