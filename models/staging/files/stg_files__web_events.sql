-- One row is a web event, from files: the newest row of each key, with what its addresses say.
with

events as (
    select * from {{ ref('base_files__web_events') }}
),

batches as (
    select * from {{ ref('base_files__web_event_batches') }}
),

older_versions as (
    select * from {{ ref('base_files__web_event_versions') }}
),

newest as (
    select
        events.source_system,
        events.event_id,
        events.anonymous_id,
        events.user_id,
        events.email_hash,
        events.utm_id,
        events.gclid,
        events.gbraid,
        events.wbraid,
        events.dclid,
        events.msclkid,
        events.ttclid,
        events.li_fat_id,
        events.ctwa_clid,
        events.fbclid,

        events.event_name,
        events.page_url,
        events.page_domain,
        events.referrer_host,
        events.referrer_domain,
        events.utm_source,
        events.utm_medium,
        events.utm_campaign,
        events.utm_content,
        events.utm_term,
        events.user_agent,
        events.country,
        events.properties,

        events.is_tagged,
        events.is_bot,
        events.consent,

        events.occurred_at,

        -- another one for another state of the same event
        {{ row_hash(['events.source_system', 'events.event_id', 'events.load_hash', 'events._record_number']) }}
            as event_hash,
        batches.batch_id,
        events._load_id as load_id
    from events
    inner join batches
        on events.load_hash = batches.load_hash
    left join older_versions
        on
            events.source_system = older_versions.source_system
            and events.event_id = older_versions.event_id
            and events._file = older_versions._file
            and events._record_number = older_versions._record_number
    where older_versions.event_id is null
)

select * from newest
