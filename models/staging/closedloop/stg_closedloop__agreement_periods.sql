with

agreement_periods as (
    select * from {{ source('raw_closedloop', 'agreement_periods') }}
),

renamed as (
    select
        version,

        starts_at,
        ends_at
    from agreement_periods
)

select * from renamed
