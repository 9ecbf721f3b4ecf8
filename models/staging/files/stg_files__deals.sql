-- One row is a deal, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'deals') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_name, deal_id
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
        source_name as source_system,
        deal_id,
        account_id,

        lead_ids,
        name,
        currency,
        stage,
        lost_reason,
        owner,
        product,
        deal_type,
        pipeline,

        cast(amount as decimal(18, 2)) as amount,

        is_won,
        is_closed,
        is_deleted,
        coalesce(_day_alone, '') = 'closed_at' as is_closed_at_day_alone,

        created_at,
        closed_at,
        updated_at
    from newest
)

select * from renamed
