-- every event of the site with its visit, and where that came from, as it is and not as it was tagged
create table truth.sessions as
with

split_visits as (
    select visit
    from web_events
    where is_own_tag
),

-- visits whose first page, which says where from, has not been delivered yet
cut_visits as (
    select visit
    from web_events
    where event_id = visit || '-0' and not is_past(received_at)
)

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
    -- false where nothing that was recorded by now tells the channel or the visit
    coalesce(visits.is_told, true)
    and web_events.visit not in (from split_visits)
    and web_events.visit not in (from cut_visits) as is_exact,
    visits.campaign_id is null or regexp_matches(visits.query, 'utm_campaign|utm_id|gclid') as is_campaign_told
from web_events
left join visits
    on web_events.visit = visits.visit
left join people
    on web_events.i = people.i
where is_past(web_events.received_at)
order by web_events.event_id;
