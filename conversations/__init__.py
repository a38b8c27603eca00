"""What customers write to us, and we to them: e-mail, chat, web form, letter."""
