-- One row is a deal, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'deals') }}
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
        partition by source_system, deal_id
        order by {{ newest_first('updated_at') }}
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
        newest.deal_id,
        newest.account_id,

        newest.lead_ids,
        nullif(concat_ws('|', email_identifiers.hash, email_identifiers.more_hashes), '') as email_hashes,
        nullif(concat_ws('|', phone_identifiers.hash, phone_identifiers.more_hashes), '') as phone_hashes,
        newest.name,
        newest.currency,
        newest.stage,
        newest.lost_reason,
        newest.owner,
        newest.product,
        newest.deal_type,
        newest.pipeline,

        cast(newest.amount as decimal(18, 2)) as amount,

        newest.is_won,
        newest.is_closed,
        newest.is_deleted,
        coalesce(newest._day_alone, '') = 'closed_at' as is_closed_at_day_alone,

        newest.created_at,
        newest.closed_at,
        newest.updated_at
    from newest
    left join identifiers as email_identifiers
        on newest.email = email_identifiers.raw_value and email_identifiers.kind = 'email'
    left join identifiers as phone_identifiers
        on newest.phone = phone_identifiers.raw_value and phone_identifiers.kind = 'phone'
)

select * from renamed
