-- every moment at which marketing met a person, whether a system saw it, and whether it moved the person to ask or to
-- buy
create table truth.touches as
with

met as (
    select
        'e' || encounter as touch_id,
        i,
        met_at as touched_at,
        case trace
            when 'visit' then 'session' when 'chat' then 'whatsapp' when 'webinar' then 'event' when 'partner' then
                'imported'
            else trace
        end as touch_type,
        way,
        channel,
        campaign_id,
        'v' || encounter as visit,
        trace != 'seen' as is_recorded,
        interests,
        convinces
    from meetings
    union all
    select
        'd' || deed,
        i,
        started_at,
        'session',
        way,
        channel,
        campaign_id,
        visit,
        true,
        false,
        false
    from visits
    where deed is not null
)

select
    met.touch_id,
    people.person_id,
    utc(met.touched_at) as touched_at,
    met.touch_type,
    met.channel,
    met.campaign_id,
    ways.campaign,
    coalesce(
        visits.source,
        case met.touch_type when 'lead_ad' then 'facebook' when 'whatsapp' then 'whatsapp' when 'event' then met.way end
    ) as source,
    coalesce(visits.medium, case met.touch_type when 'lead_ad' then 'paid_social' end) as medium,
    visits.click_id,
    met.is_recorded,
    met.is_recorded and not (met.touch_type = 'session' and people.refuses_consent) as is_identifiable,
    met.interests as moves_to_ask,
    met.convinces as moves_to_buy
from met
inner join people
    on met.i = people.i
inner join ways
    on met.way = ways.way
left join visits
    on met.visit = visits.visit
where is_past(met.touched_at)
order by met.touch_id;
