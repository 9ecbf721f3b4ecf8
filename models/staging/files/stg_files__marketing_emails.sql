-- One row is something that happened to a marketing mail, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'marketing_emails') }}
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
        partition by source_system, email_event_id
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
        newest.email_event_id,
        newest.lead_id,
        email_identifiers.hash as email_hash,

        newest.event,
        newest.campaign,
        newest.content,

        newest.is_machine,

        newest.occurred_at
    from newest
    left join identifiers as email_identifiers
        on newest.email = email_identifiers.raw_value and email_identifiers.kind = 'email'
)

select * from renamed
