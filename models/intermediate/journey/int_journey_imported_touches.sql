-- One row is a touch that another system recorded, with the person whom it met where one is known.
with

touchpoints as (
    select * from {{ ref('int_canonical_touchpoints') }}
),

leads as (
    select * from {{ ref('int_canonical_leads') }}
),

persons as (
    select * from {{ ref('int_identity_persons') }}
),

person_references as (
    select * from {{ ref('int_identity_references') }}
),

-- an id of a browser counts where one site alone has it
site_browsers as (
    select anonymous_id
    from {{ ref('int_web_spans') }}
    group by anonymous_id
    having count(distinct source_system) = 1
),

spans as (
    select * from {{ ref('int_web_spans') }}
),

-- a browser that no site tells of, and that only one person was known by
browsers as (
    select
        leads.anonymous_id,
        min(persons.lead_key) as lead_key
    from leads
    inner join persons
        on
            leads.source_system = persons.source_system
            and leads.record_type = persons.record_type
            and leads.lead_id = persons.record_id
    where leads.anonymous_id is not null
    group by leads.anonymous_id
    having count(distinct persons.lead_key) = 1
),

resolved as (
    select
        {{ stable_key(['touchpoints.source_system', 'touchpoints.touchpoint_id']) }} as touchpoint_key,
        touchpoints.source_system,
        touchpoints.touchpoint_id,
        coalesce(
            own.lead_key, elsewhere.lead_key, addressed.lead_key, spans.lead_key, browsers.lead_key
        ) as lead_key,
        touchpoints.campaign_id,
        touchpoints.click_id,
        cast(null as string) as click_id_type,

        case
            when lower(touchpoints.type) in ('session', 'lead_ad', 'email_click', 'whatsapp', 'event', 'voucher')
            then lower(touchpoints.type)
            else 'imported'
        end as touch_type,
        touchpoints.channel,
        touchpoints.source,
        touchpoints.medium,
        touchpoints.campaign,
        touchpoints.content,
        touchpoints.term,
        touchpoints.landing_page,
        {{ host_of('touchpoints.referrer') }} as referrer,

        false as is_told_by_campaign,

        touchpoints.occurred_at as touched_at,
        touchpoints.occurred_at as ended_at
    from touchpoints
    left join person_references as own
        on touchpoints.source_system = own.source_system and touchpoints.lead_id = own.record_id
    left join person_references as elsewhere
        on elsewhere.source_system = '*' and touchpoints.lead_id = elsewhere.record_id
    left join persons as addressed
        on
            addressed.record_type = 'touch'
            and touchpoints.source_system = addressed.source_system
            and touchpoints.touchpoint_id = addressed.record_id
    left join site_browsers
        on touchpoints.anonymous_id = site_browsers.anonymous_id
    left join spans
        on
            site_browsers.anonymous_id = spans.anonymous_id
            and {{ in_span('touchpoints.occurred_at', 'spans') }}
    left join browsers
        on touchpoints.anonymous_id = browsers.anonymous_id
)

select * from resolved
