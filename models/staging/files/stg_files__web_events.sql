-- One row is a web event, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'web_events') }}
),

identifiers as (
    select * from {{ source('raw_files', '_identifiers') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_system, event_id
        order by {{ newest_first() }}
    )
),

newest as (
    select *
    from ranked
    where recency = 1
),

renamed as (
    select
        newest.source_system,
        newest.event_id,
        newest.anonymous_id,
        newest.user_id,
        email_identifiers.hash as email_hash,
        newest.utm_id,
        newest.gclid,
        newest.fbclid,
        newest.ttclid,
        newest.li_fat_id,

        newest.event_name,
        newest.page_url,
        newest.referrer,
        newest.utm_source,
        newest.utm_medium,
        newest.utm_campaign,
        newest.utm_content,
        newest.utm_term,
        newest.user_agent,
        newest.country,
        newest.properties,

        newest.consent,

        newest.occurred_at
    from newest
    left join identifiers as email_identifiers
        on newest.email_hash = email_identifiers.raw_value and email_identifiers.kind = 'email_hash'
)

select * from renamed
