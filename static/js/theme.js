/** Light or dark: the choice is kept in a cookie, so the server renders it and nothing flashes. */
const root = document.documentElement;
const sheet = document.getElementById("dark-theme");
