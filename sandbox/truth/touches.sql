-- every moment at which marketing met a person, whether a system saw it, and whether it moved the person to ask or to
-- buy
create table truth.touches as
with

-- by what the person can be known in a CRM by now
known_by as (
    select
        records.i,
        bool_or(
            people.email = case
                when records.mended_at is not null and not is_past(records.mended_at) then records.email_at_first
                else records.email
            end
        ) as has_email,
        bool_or(people.phone = records.phone) as has_phone
    from records
    inner join people
        on records.i = people.i
    where is_past(records.created_at) and not coalesce(is_past(records.deleted_at), false)
    group by records.i
),

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
        -- of an advertisement with a form what is filled in
        trace != 'seen' and (trace != 'lead_ad' or is_asking) as is_recorded,
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
    met.is_recorded and case met.touch_type
        when 'session' then not people.refuses_consent
        when 'whatsapp' then coalesce(known_by.has_phone, false)
        when 'event' then coalesce(known_by.has_email, false)
        when 'lead_ad' then coalesce(known_by.has_email, false)
        else true
    end as is_identifiable,
    met.interests as moves_to_ask,
    met.convinces as moves_to_buy
from met
inner join people
    on met.i = people.i
inner join ways
    on met.way = ways.way
left join visits
    on met.visit = visits.visit
left join known_by
    on met.i = known_by.i
where is_past(met.touched_at)
order by met.touch_id;
