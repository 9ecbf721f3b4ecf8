with

agreement_windows as (
    select * from {{ source('raw_closedloop', 'agreement_windows') }}
),

renamed as (
    select
        version,

        starts_at,
        ends_at
    from agreement_windows
)

select * from renamed
