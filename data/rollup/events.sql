-- Events folded into contacts, then added up as in interactions.sql: one row of `staged` is one event with its values read.
--
-- fold_key: what is the same in all events of a contact. fold_order: typed, so that 10 comes after 9. record: the place of the
-- event in the file. The last event by fold_order stands for its contact; of several last ones the later in the file.
SELECT
    staged.period_start,
    staged.vendor,
    staged.site,
    staged.lob,
    staged.channel,
    staged.threshold_seconds,
    staged.currency,
    count(*) AS file_rows,
    CASE WHEN count(contacts_offered) < count(*) AND sum(contacts_offered) = 0 THEN NULL ELSE sum(contacts_offered) END AS contacts_offered,
    CASE WHEN count(contacts_handled) < count(*) AND sum(contacts_handled) = 0 THEN NULL ELSE sum(contacts_handled) END AS contacts_handled,
    CASE WHEN count(contacts_abandoned) < count(*) AND sum(contacts_abandoned) = 0 THEN NULL ELSE sum(contacts_abandoned) END AS contacts_abandoned,
    CASE WHEN count(contacts_abandoned_short) < count(*) AND sum(contacts_abandoned_short) = 0 THEN NULL ELSE sum(contacts_abandoned_short) END AS contacts_abandoned_short,
    CASE WHEN count(answered_within_threshold) < count(*) AND sum(answered_within_threshold) = 0 THEN NULL ELSE sum(answered_within_threshold) END AS answered_within_threshold,
    CASE WHEN count(abandoned_within_threshold) < count(*) AND sum(abandoned_within_threshold) = 0 THEN NULL ELSE sum(abandoned_within_threshold) END AS abandoned_within_threshold,
    CASE WHEN count(queue_seconds) < count(*) AND sum(queue_seconds) = 0 THEN NULL ELSE sum(queue_seconds) END AS queue_seconds,
    CASE WHEN count(talk_seconds) < count(*) AND sum(talk_seconds) = 0 THEN NULL ELSE sum(talk_seconds) END AS talk_seconds,
    CASE WHEN count(hold_seconds) < count(*) AND sum(hold_seconds) = 0 THEN NULL ELSE sum(hold_seconds) END AS hold_seconds,
    CASE WHEN count(wrap_seconds) < count(*) AND sum(wrap_seconds) = 0 THEN NULL ELSE sum(wrap_seconds) END AS wrap_seconds,
    CASE WHEN count(handle_seconds) < count(*) AND sum(handle_seconds) = 0 THEN NULL ELSE sum(handle_seconds) END AS handle_seconds,
    CASE WHEN count(available_seconds) < count(*) AND sum(available_seconds) = 0 THEN NULL ELSE sum(available_seconds) END AS available_seconds,
    CASE WHEN count(contacts_transferred) < count(*) AND sum(contacts_transferred) = 0 THEN NULL ELSE sum(contacts_transferred) END AS contacts_transferred,
    CASE WHEN count(scheduled_seconds) < count(*) AND sum(scheduled_seconds) = 0 THEN NULL ELSE sum(scheduled_seconds) END AS scheduled_seconds,
    CASE WHEN count(adherent_seconds) < count(*) AND sum(adherent_seconds) = 0 THEN NULL ELSE sum(adherent_seconds) END AS adherent_seconds,
    CASE WHEN count(paid_seconds) < count(*) AND sum(paid_seconds) = 0 THEN NULL ELSE sum(paid_seconds) END AS paid_seconds,
    CASE WHEN count(productive_seconds) < count(*) AND sum(productive_seconds) = 0 THEN NULL ELSE sum(productive_seconds) END AS productive_seconds,
    CASE WHEN count(absent_seconds) < count(*) AND sum(absent_seconds) = 0 THEN NULL ELSE sum(absent_seconds) END AS absent_seconds,
    CASE WHEN count(headcount_days) < count(*) AND sum(headcount_days) = 0 THEN NULL ELSE sum(headcount_days) END AS headcount_days,
    CASE WHEN count(leavers) < count(*) AND sum(leavers) = 0 THEN NULL ELSE sum(leavers) END AS leavers,
    CASE WHEN count(committed_seconds) < count(*) AND sum(committed_seconds) = 0 THEN NULL ELSE sum(committed_seconds) END AS committed_seconds,
    CASE WHEN count(delivered_seconds) < count(*) AND sum(delivered_seconds) = 0 THEN NULL ELSE sum(delivered_seconds) END AS delivered_seconds,
    CASE WHEN count(resolved_first_contact) < count(*) AND sum(resolved_first_contact) = 0 THEN NULL ELSE sum(resolved_first_contact) END AS resolved_first_contact,
    CASE WHEN count(resolution_opportunities) < count(*) AND sum(resolution_opportunities) = 0 THEN NULL ELSE sum(resolution_opportunities) END AS resolution_opportunities,
    CASE WHEN count(csat_satisfied) < count(*) AND sum(csat_satisfied) = 0 THEN NULL ELSE sum(csat_satisfied) END AS csat_satisfied,
    CASE WHEN count(csat_responses) < count(*) AND sum(csat_responses) = 0 THEN NULL ELSE sum(csat_responses) END AS csat_responses,
    CASE WHEN count(csat_score_sum) < count(*) AND sum(csat_score_sum) = 0 THEN NULL ELSE sum(csat_score_sum) END AS csat_score_sum,
    CASE WHEN count(nps_promoters) < count(*) AND sum(nps_promoters) = 0 THEN NULL ELSE sum(nps_promoters) END AS nps_promoters,
    CASE WHEN count(nps_detractors) < count(*) AND sum(nps_detractors) = 0 THEN NULL ELSE sum(nps_detractors) END AS nps_detractors,
    CASE WHEN count(nps_responses) < count(*) AND sum(nps_responses) = 0 THEN NULL ELSE sum(nps_responses) END AS nps_responses,
    CASE WHEN count(quality_points) < count(*) AND sum(quality_points) = 0 THEN NULL ELSE sum(quality_points) END AS quality_points,
    CASE WHEN count(quality_points_possible) < count(*) AND sum(quality_points_possible) = 0 THEN NULL ELSE sum(quality_points_possible) END AS quality_points_possible,
    CASE WHEN count(evaluations) < count(*) AND sum(evaluations) = 0 THEN NULL ELSE sum(evaluations) END AS evaluations,
    CASE WHEN count(evaluations_without_critical_error) < count(*) AND sum(evaluations_without_critical_error) = 0 THEN NULL ELSE sum(evaluations_without_critical_error) END AS evaluations_without_critical_error,
    CASE WHEN count(errors) < count(*) AND sum(errors) = 0 THEN NULL ELSE sum(errors) END AS errors,
    CASE WHEN count(transactions_checked) < count(*) AND sum(transactions_checked) = 0 THEN NULL ELSE sum(transactions_checked) END AS transactions_checked,
    CASE WHEN count(cases_opened) < count(*) AND sum(cases_opened) = 0 THEN NULL ELSE sum(cases_opened) END AS cases_opened,
    CASE WHEN count(cases_resolved) < count(*) AND sum(cases_resolved) = 0 THEN NULL ELSE sum(cases_resolved) END AS cases_resolved,
    CASE WHEN count(cases_resolved_in_target) < count(*) AND sum(cases_resolved_in_target) = 0 THEN NULL ELSE sum(cases_resolved_in_target) END AS cases_resolved_in_target,
    CASE WHEN count(cases_reopened) < count(*) AND sum(cases_reopened) = 0 THEN NULL ELSE sum(cases_reopened) END AS cases_reopened,
    CASE WHEN count(resolution_seconds) < count(*) AND sum(resolution_seconds) = 0 THEN NULL ELSE sum(resolution_seconds) END AS resolution_seconds,
    CASE WHEN count(backlog_days) < count(*) AND sum(backlog_days) = 0 THEN NULL ELSE sum(backlog_days) END AS backlog_days,
    CASE WHEN count(security_incidents) < count(*) AND sum(security_incidents) = 0 THEN NULL ELSE sum(security_incidents) END AS security_incidents,
    CASE WHEN count(cost) < count(*) AND sum(cost) = 0 THEN NULL ELSE sum(cost) END AS cost,
    CASE WHEN count(esat_favourable) < count(*) AND sum(esat_favourable) = 0 THEN NULL ELSE sum(esat_favourable) END AS esat_favourable,
    CASE WHEN count(esat_responses) < count(*) AND sum(esat_responses) = 0 THEN NULL ELSE sum(esat_responses) END AS esat_responses,
    CASE WHEN count(own_measure_1) < count(*) AND sum(own_measure_1) = 0 THEN NULL ELSE sum(own_measure_1) END AS own_measure_1,
    CASE WHEN count(own_measure_2) < count(*) AND sum(own_measure_2) = 0 THEN NULL ELSE sum(own_measure_2) END AS own_measure_2,
    CASE WHEN count(own_measure_3) < count(*) AND sum(own_measure_3) = 0 THEN NULL ELSE sum(own_measure_3) END AS own_measure_3,
    CASE WHEN count(own_measure_4) < count(*) AND sum(own_measure_4) = 0 THEN NULL ELSE sum(own_measure_4) END AS own_measure_4,
    CASE WHEN count(own_measure_5) < count(*) AND sum(own_measure_5) = 0 THEN NULL ELSE sum(own_measure_5) END AS own_measure_5,
    CASE WHEN count(own_measure_6) < count(*) AND sum(own_measure_6) = 0 THEN NULL ELSE sum(own_measure_6) END AS own_measure_6,
    CASE WHEN count(own_measure_7) < count(*) AND sum(own_measure_7) = 0 THEN NULL ELSE sum(own_measure_7) END AS own_measure_7,
    CASE WHEN count(own_measure_8) < count(*) AND sum(own_measure_8) = 0 THEN NULL ELSE sum(own_measure_8) END AS own_measure_8,
    CASE WHEN count(own_measure_9) < count(*) AND sum(own_measure_9) = 0 THEN NULL ELSE sum(own_measure_9) END AS own_measure_9,
    CASE WHEN count(own_measure_10) < count(*) AND sum(own_measure_10) = 0 THEN NULL ELSE sum(own_measure_10) END AS own_measure_10,
    CASE WHEN count(own_measure_11) < count(*) AND sum(own_measure_11) = 0 THEN NULL ELSE sum(own_measure_11) END AS own_measure_11,
    CASE WHEN count(own_measure_12) < count(*) AND sum(own_measure_12) = 0 THEN NULL ELSE sum(own_measure_12) END AS own_measure_12
FROM staged
JOIN (
    SELECT max(staged.record) AS record
    FROM staged
    JOIN (
        SELECT fold_key, max(fold_order) AS fold_order
        FROM staged
        WHERE problem IS NULL
        GROUP BY fold_key
    ) AS latest ON latest.fold_key = staged.fold_key AND latest.fold_order = staged.fold_order
    WHERE staged.problem IS NULL
    GROUP BY staged.fold_key
) AS standing ON standing.record = staged.record
GROUP BY
    staged.period_start, staged.vendor, staged.site, staged.lob, staged.channel, staged.threshold_seconds, staged.currency
