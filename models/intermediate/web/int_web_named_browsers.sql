-- One row is a browser that something outside of the site names, with the person and the moment: a lead record by the
-- browser's id or by the id of an ad's click, or a link that another system states. An id counts in its own source, or
-- where one browser alone has it.
with

batch_visitors as (
    select * from {{ ref('int_web_batch_visitors') }}
    where granted_event_count > 0
),

batch_clicks as (
    select * from {{ ref('int_web_batch_clicks') }}
    where click_id is not null
),

leads as (
    select * from {{ ref('int_canonical_leads') }}
),

persons as (
    select * from {{ ref('int_identity_persons') }}
    where is_lead_record
),

link_sides as (
    select * from {{ ref('int_identity_link_sides') }}
),

carrier_persons as (
    select * from {{ ref('int_identity_carrier_persons') }}
),

lead_records as (
    select
        persons.source_system,
        persons.lead_key,
        leads.anonymous_id,
        leads.click_id,
        leads.created_at as identified_at
    from leads
    inner join persons
        on
            leads.source_system = persons.source_system
            and leads.record_type = persons.record_type
            and leads.lead_id = persons.record_id
),

named as (
    select
        source_system,
        anonymous_id,
        lead_key,
        identified_at
    from lead_records
    where anonymous_id is not null
    union all
    select
        link_sides.source_system,
        link_sides.given as anonymous_id,
        carrier_persons.lead_key,
        link_sides.occurred_at as identified_at
    from link_sides
    inner join carrier_persons
        on link_sides.link_key = carrier_persons.carrier_key
    where link_sides.identifier is null
),

seen as (
    select distinct
        source_system,
        anonymous_id
    from batch_visitors
    where anonymous_id in (select named.anonymous_id from named)
),

browsers as (
    select
        *,
        count(*) over (partition by anonymous_id) as source_count
    from seen
),

click_browsers as (
    select
        click_id,
        min(source_system) as source_system,
        min(anonymous_id) as anonymous_id
    from batch_clicks
    where click_id in (select lead_records.click_id from lead_records)
    group by click_id
    having min(concat_ws('|', source_system, anonymous_id)) = max(concat_ws('|', source_system, anonymous_id))
),

named_browsers as (
    select
        browsers.source_system,
        browsers.anonymous_id,
        named.lead_key,
        named.identified_at
    from named
    inner join browsers
        on
            named.anonymous_id = browsers.anonymous_id
            and (browsers.source_count = 1 or named.source_system = browsers.source_system)
    union all
    select
        click_browsers.source_system,
        click_browsers.anonymous_id,
        lead_records.lead_key,
        lead_records.identified_at
    from lead_records
    inner join click_browsers
        on lead_records.click_id = click_browsers.click_id
)

select * from named_browsers
