-- One row is a person whose CRM names an origin (a source, a campaign, a click) and whom nothing else saw arrive: one
-- touch at the creation of the oldest record that names one, unless another touch lies within the minutes before that.
with

leads as (
    select * from {{ ref('int_canonical_leads') }}
),

persons as (
    select * from {{ ref('int_identity_persons') }}
),

other_touches as (
    select
        lead_key,
        touched_at,
        ended_at
    from {{ ref('int_journey_imported_touches') }}
    where lead_key is not null
    union all
    select
        lead_key,
        touched_at,
        ended_at
    from {{ ref('int_journey_session_touches') }}
    where lead_key is not null
),

origins as (
    select
        persons.lead_key,
        persons.record_key,
        leads.source_system,
        leads.lead_id,
        leads.click_id,
        leads.source,
        leads.medium,
        leads.campaign,
        leads.landing_page,
        leads.created_at,
        row_number() over by_age as origin_number
    from leads
    inner join persons
        on
            leads.source_system = persons.source_system
            and leads.record_type = persons.record_type
            and leads.lead_id = persons.record_id
    where coalesce(leads.source, leads.medium, leads.campaign, leads.click_id) is not null
    window by_age as (partition by persons.lead_key order by persons.record_number)
),

oldest_origins as (
    select *
    from origins
    where origin_number = 1
),

seen_arriving as (
    select distinct oldest_origins.lead_key
    from oldest_origins
    inner join other_touches
        on
            oldest_origins.lead_key = other_touches.lead_key
            and other_touches.ended_at
            >= oldest_origins.created_at - interval '{{ var("lead_source_overlap_minutes") }} minutes'
            and other_touches.touched_at <= oldest_origins.created_at
),

touches as (
    select
        {{ stable_key(["'lead_source'", 'oldest_origins.record_key']) }} as touchpoint_key,
        oldest_origins.source_system,
        oldest_origins.lead_id as touchpoint_id,
        oldest_origins.lead_key,
        cast(null as string) as campaign_id,
        oldest_origins.click_id,
        cast(null as string) as click_id_type,

        'lead_source' as touch_type,
        cast(null as string) as channel,
        oldest_origins.source,
        oldest_origins.medium,
        oldest_origins.campaign,
        cast(null as string) as content,
        cast(null as string) as term,
        oldest_origins.landing_page,
        cast(null as string) as referrer,

        false as is_told_by_campaign,

        oldest_origins.created_at as touched_at,
        oldest_origins.created_at as ended_at
    from oldest_origins
    left join seen_arriving
        on oldest_origins.lead_key = seen_arriving.lead_key
    where seen_arriving.lead_key is null
)

select * from touches
