-- One row is a marketing touch that was recorded elsewhere, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'touchpoints') }}
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
        partition by source_system, touchpoint_id
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
        newest.touchpoint_id,
        newest.lead_id,
        email_identifiers.hash as email_hash,
        phone_identifiers.hash as phone_hash,
        newest.anonymous_id,
        newest.campaign_id,
        newest.click_id,

        newest.type,
        newest.channel,
        newest.source,
        newest.medium,
        newest.campaign,
        newest.content,
        newest.term,
        newest.landing_page,
        newest.referrer,

        cast(newest.cost as decimal(18, 2)) as cost,

        newest.occurred_at
    from newest
    left join identifiers as email_identifiers
        on newest.email = email_identifiers.raw_value and email_identifiers.kind = 'email'
    left join identifiers as phone_identifiers
        on newest.phone = phone_identifiers.raw_value and phone_identifiers.kind = 'phone'
)

select * from renamed
