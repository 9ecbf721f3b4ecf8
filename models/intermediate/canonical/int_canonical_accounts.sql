with

unioned as (
    select * from {{ ref('stg_files__accounts') }}
)

select * from unioned
