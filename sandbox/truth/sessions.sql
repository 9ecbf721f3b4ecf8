-- every event of the site with its visit, and where that came from, as it is and not as it was tagged
create table truth.sessions as
select
    web_events.event_id,
    web_events.visit as session_id,
    people.person_id,
    utc(web_events.occurred_at) as occurred_at,
    visits.source,
    visits.medium,
    visits.channel,
    visits.campaign_id,
    visits.visit is null as is_bot,
    not web_events.refuses_consent as has_consent,
    -- false where nothing that was recorded tells the channel or the visit
    coalesce(visits.is_told, true)
    and web_events.visit not in (select split.visit from web_events as split where split.is_own_tag) as is_exact
from web_events
left join visits
    on web_events.visit = visits.visit
left join people
    on web_events.i = people.i
where is_past(web_events.received_at)
order by web_events.event_id;
