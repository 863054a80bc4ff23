"""Pure decisions about meetings: who is due, which kinds an organization holds, on which days they come again."""
