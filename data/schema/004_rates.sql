-- Dated exchange rates: from its day on, until the next rate of the same two currencies, one unit of `currency` is worth
-- `rate` units of `reporting_currency`. Shared by all vendors.
CREATE TABLE rates (
    currency           VARCHAR NOT NULL,
    reporting_currency VARCHAR NOT NULL,
    rate               DECIMAL(18, 9) NOT NULL CHECK (rate > 0),
    valid_from         DATE NOT NULL,
    basis              VARCHAR,
    batch_id           VARCHAR
);
CREATE TABLE rate_rows AS FROM rates;
