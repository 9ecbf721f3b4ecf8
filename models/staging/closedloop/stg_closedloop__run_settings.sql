with

run_settings as (
    select * from {{ source('raw_closedloop', 'run_settings') }}
),

renamed as (
    select
        run_id,

        reporting_currency,
        reporting_time_zone,

        as_of,
        {{ local_date('as_of', 'reporting_time_zone') }} as as_of_date
    from run_settings
)

select * from renamed
