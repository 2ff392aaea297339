-- Who answers for an event: the person to ask.
ALTER TABLE events ADD COLUMN owner VARCHAR;
ALTER TABLE event_rows ADD COLUMN owner VARCHAR;
